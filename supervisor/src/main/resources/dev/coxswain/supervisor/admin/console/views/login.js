// Asks for the admin token; it is tried before it is believed.
import { get, hasToken, useToken } from '../api.js';
import { h, setText } from '../dom.js';

export function loginView(refused, then) {
  const why = h('p', { class: 'bad', role: 'alert' }, refused && hasToken() ? 'The token that this tab had is refused.' : '');
  // without a name it is never part of an address, whatever happens to the script
  const field = h('input', { type: 'password', id: 'token', autocomplete: 'current-password', spellcheck: 'false', required: true });
  const go = h('button', { class: 'strong' }, 'Sign in');
  const form = h('form', { class: 'panel login', submit: async (event) => {
    event.preventDefault();
    go.disabled = true;
    useToken(field.value);
    try {
      await get('status');
      then();
    } catch (failure) {
      useToken('');
      setText(why, failure.status === 401 ? 'This token is refused.' : failure.message);
      field.select();
    } finally {
      go.disabled = false;
    }
  } }, h('h1', {}, h('img', { src: 'console/icon.svg', alt: '', width: '28', height: '28' }), 'Coxswain'),
  h('label', { class: 'field', for: 'token' }, 'Admin token', field),
  h('p', { class: 'quiet' }, 'It is in the file that ', h('code', {}, 'supervisor.admin.tokenFile'),
    ' names, and is kept for this tab only.'), why, go);
  return { element: form };
}

package dev.coxswain.supervisor;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears the signals of the operating system. Through reflection, since {@code sun.misc.Signal} has no successor and javac
 * warns of every use; a shutdown hook could not tell the first signal from the second.
 */
public final class ProcessSignals {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessSignals.class);

    private ProcessSignals() {}

    /**
     * Has {@code heard} called on a thread of its own for each of these signals, by name without SIG. A JVM that can't
     * hear one says so in the log and keeps its usual answer.
     */
    public static void listen(Consumer<String> heard, String... names) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object ours = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[]{handler},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            heard.accept(String.valueOf(signal.getMethod("getName").invoke(arguments[0])));
                        }
                        return null;
                    });
            for (String name : names) {
                signal.getMethod("handle", signal, handler).invoke(null,
                        signal.getConstructor(String.class).newInstance(name), ours);
            }
        } catch (InvocationTargetException e) {
            LOG.warn("a signal can't be heard: {}", String.valueOf(e.getCause()));
        } catch (ReflectiveOperationException e) {
            LOG.warn("signals can't be heard: {}", e.toString());
        }
    }
}

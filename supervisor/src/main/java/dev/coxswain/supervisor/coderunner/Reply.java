package dev.coxswain.supervisor.coderunner;

import org.reactivestreams.Publisher;

import reactor.netty.http.server.HttpServerResponse;

/** The answer to one request. */
interface Reply {
    int status();

    /** Sends it; completes when it is written. */
    Publisher<Void> send(HttpServerResponse response);
}

package dev.coxswain.supervisor.coderunner;

import org.junit.jupiter.api.Test;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class PlainFormTest {
    @Test
    void anyQueryIsTakenAlsoOneThatIsNotWellEscaped() {
        JsonNode query = TestServer.JSON.readTree(PlainForm.payload(HttpMethod.GET, "/",
                new QueryStringDecoder("/fn/x?off=100%&a=%zz&b=%C3%A9&c=%%41&d=1+2&%&e"), new DefaultHttpHeaders(),
                new byte[0])).get("query");

        assertThat(query.toString()).isEqualTo(
                "{\"off\":\"100%\",\"a\":\"%zz\",\"b\":\"\u00e9\",\"c\":\"%A\",\"d\":\"1 2\",\"%\":\"\",\"e\":\"\"}");
    }
}

package io.zookit.samples.shop.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.FencingToken;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpEndpointTest {

  private final HttpEndpoint endpoint = HttpEndpoint.start();

  @AfterEach
  void stop() {
    endpoint.close();
  }

  @Test
  void on_requestWithParametersAndToken_arrivesAsItWasSent() throws Exception {
    ServiceRequest sent = ServiceRequest.put("/stock")
        .with("sku", "ö & ?")
        .with("left", 3)
        .with(new FencingToken(1, 7, 0));
    endpoint.on("PUT", "/stock", received -> ServiceReply.ok(received.equals(sent)));

    assertThat(send(sent)).isEqualTo(ServiceReply.ok(true));
  }

  @Test
  void on_replyOfAHandler_isWhatTheCallerGets() throws Exception {
    endpoint.on("POST", "/orders", request -> new ServiceReply(ServiceReply.GONE, "sold out"));

    assertThat(send(ServiceRequest.post("/orders"))).isEqualTo(new ServiceReply(410, "sold out"));
    assertThat(send(ServiceRequest.get("/orders")).status()).isEqualTo(404);
  }

  @Test
  void on_missingParameterOrToken_isTheCallersFault() throws Exception {
    endpoint.on("GET", "/stock", request -> ServiceReply.ok(request.parameter("sku")));
    endpoint.on("GET", "/token", request -> ServiceReply.ok(request.requiredToken()));

    assertThat(send(ServiceRequest.get("/stock")).status()).isEqualTo(400);
    assertThat(send(ServiceRequest.get("/token")))
        .isEqualTo(
            new ServiceReply(400, "Zookit-Fencing-Token: missing (expected: a fencing token)"));
  }

  @Test
  void on_handlerThatFails_isAnErrorOfTheServer() throws Exception {
    endpoint.on("GET", "/stock", request -> {
      throw new IllegalStateException("no database");
    });

    assertThat(send(ServiceRequest.get("/stock")).status()).isEqualTo(500);
  }

  private ServiceReply send(ServiceRequest request) throws Exception {
    URI address = URI.create("http://" + endpoint.host() + ":" + endpoint.port());
    HttpResponse<String> response = HttpClient.newHttpClient()
        .send(request.to(address, Duration.ofSeconds(20)), BodyHandlers.ofString());
    return new ServiceReply(response.statusCode(), response.body());
  }
}

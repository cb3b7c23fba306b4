package io.zookit.console.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.console.resource.ApiException;
import io.zookit.console.resource.ConsoleApi;
import org.junit.jupiter.api.Test;

class RouteTableTest {

  private final RouteTable routes = new RouteTable(ConsoleApi.endpoints());

  @Test
  void find_variables_areDecoded() {
    RouteTable.MatchedRoute route =
        routes.find("GET", "/api/v1/namespaces/prod/check%C3%BCout/limits%20a/content");

    assertThat(route.variables())
        .containsEntry("env", "prod")
        .containsEntry("app", "checküout")
        .containsEntry("ns", "limits a");
  }

  @Test
  void find_nameWithSlashes_takesTheRest() {
    assertThat(routes.find("GET", "/api/v1/locks/stock/sku-42").variables())
        .containsEntry("name", "stock/sku-42");
  }

  @Test
  void find_malformedPath_isRefused() {
    for (String part : new String[] {"%", "%2", "%zz", "%ff", "%00", "%0a", "", "%c3"}) {
      assertThatThrownBy(() -> routes.find("GET", "/api/v1/services/" + part))
          .isInstanceOf(ApiException.class)
          .satisfies(e -> assertThat(((ApiException) e).status()).isEqualTo(400));
    }
  }

  @Test
  void find_unknownPathOrMethod_isRefused() {
    assertThatThrownBy(() -> routes.find("GET", "/api/v1/secrets"))
        .satisfies(e -> assertThat(((ApiException) e).status()).isEqualTo(404));
    assertThatThrownBy(() -> routes.find("DELETE", "/api/v1/namespaces"))
        .satisfies(e -> assertThat(((ApiException) e).status()).isEqualTo(405));
    assertThatThrownBy(() -> routes.find("GET", "/api/v1/" + "a".repeat(5_000)))
        .satisfies(e -> assertThat(((ApiException) e).status()).isEqualTo(414));
  }
}

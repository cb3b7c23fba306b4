package io.zookit.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.console.resource.ConsoleApi;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class OpenApiTest {

  @Test
  void operations_ofTheDocument_areTheEndpointsAndThoseOfLogins() {
    Set<String> served =
        new TreeSet<>(Set.of("POST /api/v1/login", "POST /api/v1/logout", "GET /api/v1/me"));
    ConsoleApi.endpoints().forEach(each -> served.add(each.method() + " " + each.template()));

    assertThat(OpenApiDocument.operations()).isEqualTo(served);
  }

  @Test
  void problems_answerThatIsNotDescribed_areFound() {
    assertThat(OpenApiDocument.problems("GET", "/api/v1/services", 200, "[{\"service\":1}]"))
        .isNotEmpty();
    assertThat(OpenApiDocument.problems("GET", "/api/v1/services", 200, "[]")).isEmpty();
    assertThat(OpenApiDocument.problems("GET", "/api/v1/other", 200, "[]")).isNotEmpty();
  }
}

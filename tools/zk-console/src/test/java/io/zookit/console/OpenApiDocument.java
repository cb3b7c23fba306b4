package io.zookit.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The OpenAPI document that the console serves, as the judge of its answers. */
public final class OpenApiDocument {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNode DOCUMENT = read();
  private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

  private OpenApiDocument() {}

  private static JsonNode read() {
    try (InputStream in =
        OpenApiDocument.class.getResourceAsStream("/io/zookit/console/page/openapi.yaml")) {
      return JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromInputStream(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every operation, as {@code GET /path}. */
  public static Set<String> operations() {
    Set<String> all = new TreeSet<>();
    DOCUMENT
        .path("paths")
        .properties()
        .forEach(path -> path.getValue().properties().forEach(member -> {
          if (Set.of("get", "post", "put", "delete").contains(member.getKey())) {
            all.add(member.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey());
          }
        }));
    return all;
  }

  /** Differences of a good answer from the document; none if it is as described. */
  public static List<String> problems(String method, String path, int status, String body) {
    for (Map.Entry<String, JsonNode> each : DOCUMENT.path("paths").properties()) {
      JsonNode operation = each.getValue().path(method.toLowerCase(java.util.Locale.ROOT));
      if (operation.isObject() && pattern(each.getKey()).matcher(path).matches()) {
        JsonNode answer = operation.path("responses").path(String.valueOf(status));
        if (answer.isMissingNode()) {
          return List.of(method + " " + path + ": the document has no answer " + status);
        }
        JsonNode schema = answer.path("content").path("application/json").path("schema");
        return schema.isMissingNode()
            ? body.isEmpty() ? List.of() : List.of(method + " " + path + ": has a body")
            : violations(method + " " + each.getKey(), schema, body);
      }
    }
    return List.of(method + " " + path + ": not in the document");
  }

  private static List<String> violations(String operation, JsonNode schema, String body) {
    Schema compiled = SCHEMAS.computeIfAbsent(operation, key -> {
      ObjectNode whole = schema.deepCopy();
      whole.set("components", DOCUMENT.path("components"));
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(whole);
    });
    List<String> all = new ArrayList<>();
    try {
      compiled.validate(JSON.readTree(body)).forEach(error -> all.add(operation + ": " + error));
    } catch (IOException e) {
      all.add(operation + ": not JSON");
    }
    return all;
  }

  private static Pattern pattern(String template) {
    return Pattern.compile(
        template.replaceAll("\\{\\+\\w+}", ".+").replaceAll("\\{\\w+}", "[^/]+"));
  }
}

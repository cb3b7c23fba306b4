package io.zookit.config;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;

/** Checks contents against a JSON Schema, 2020-12 unless it names another; it fetches nothing from anywhere. */
final class SchemaCheck {

  private SchemaCheck() {}

  /** One line for each problem: where, and which rule; never the value. */
  static List<String> problems(String schema, String json) {
    try {
      SchemaRegistry registry =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
      Schema compiled = registry.getSchema(schema, InputFormat.JSON);
      return compiled.validate(json, InputFormat.JSON).stream()
          .map(SchemaCheck::line)
          .toList();
    } catch (SchemaException | IllegalArgumentException e) {
      return List.of("schema: cannot be used (" + e.getClass().getSimpleName() + ")");
    }
  }

  private static String line(Error error) {
    String where = error.getInstanceLocation().toString();
    return (where.isEmpty() ? "/" : where) + ": does not satisfy " + error.getSchemaLocation();
  }
}

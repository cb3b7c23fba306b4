package io.zookit.config.internal.publish;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;

/**
 * Checks contents against a JSON Schema, 2020-12 unless it names another; it fetches nothing from anywhere. Needs the
 * optional validator: without it the class does not load, and its callers catch that.
 */
final class SchemaValidator {

  private SchemaValidator() {}

  /** One line for each problem: where, and which rule; never the value. */
  static List<String> problems(String schema, String json) {
    try {
      return compiled(schema).validate(json, InputFormat.JSON).stream()
          .map(SchemaValidator::line)
          .toList();
    } catch (SchemaException | IllegalArgumentException e) {
      return List.of(unusable(e));
    }
  }

  /**
   * Finds the problems of a schema itself: by the rules of its dialect, and by an attempt to use it. A schema that
   * cannot be used rejects every content.
   */
  static List<String> defects(String schema) {
    try {
      Schema compiled = compiled(schema);
      if (!compiled.getSchemaNode().isObject() && !compiled.getSchemaNode().isBoolean()) {
        return List.of("schema: not a JSON object");
      }
      List<String> broken = dialectOf(compiled).validate(compiled.getSchemaNode()).stream()
          .map(error -> "schema: " + error.getInstanceLocation() + ": " + error.getMessage())
          .toList();
      if (broken.isEmpty()) {
        compiled.initializeValidators();
        compiled.validate("{}", InputFormat.JSON);
      }
      return broken;
    } catch (SchemaException | IllegalArgumentException | StackOverflowError e) {
      return List.of(unusable(e));
    }
  }

  private static Schema compiled(String schema) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(schema, InputFormat.JSON);
  }

  /** The schema that schemas of this dialect satisfy. */
  private static Schema dialectOf(Schema schema) {
    String id = schema.getSchemaContext().getDialect().getId();
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(SchemaLocation.of(id));
  }

  private static String unusable(Throwable e) {
    String reason = e.getMessage();
    return "schema: cannot be used (" + (reason == null ? e.getClass().getSimpleName() : reason)
        + ")";
  }

  private static String line(Error error) {
    String where = error.getInstanceLocation().toString();
    return (where.isEmpty() ? "/" : where) + ": does not satisfy " + error.getSchemaLocation();
  }
}

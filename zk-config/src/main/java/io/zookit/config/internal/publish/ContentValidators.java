package io.zookit.config.internal.publish;

import io.zookit.config.ConfigRejectedException;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.config.Policy;
import io.zookit.config.bind.BindingException;
import io.zookit.config.bind.RecordBinder;
import io.zookit.config.internal.zk.Sealer;
import io.zookit.config.secret.SealedValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * Checks of a content before it is published: the limits and the schema of the policy, the record class and the
 * validators that the store was built with. Values that are sealed and cannot be opened here are not judged.
 */
public final class ContentValidators {

  private final Sealer sealer;
  private final Map<Namespace, RecordBinder<?>> records;
  private final List<BiFunction<Namespace, Map<String, String>, List<String>>> validators;
  private final boolean strict;

  public ContentValidators(
      Sealer sealer,
      Map<Namespace, RecordBinder<?>> records,
      List<BiFunction<Namespace, Map<String, String>, List<String>>> validators,
      boolean strict) {
    this.sealer = sealer;
    this.records = records;
    this.validators = validators;
    this.strict = strict;
  }

  /** The problems of a content; its values plain or sealed. */
  public List<String> problems(Namespace ns, Policy policy, Content content)
      throws InterruptedException {
    Optional<String> tooMuch = policy.limits().problem(content.document());
    if (tooMuch.isPresent()) {
      return List.of(tooMuch.get()); // content that is too large is not checked further
    }
    Content plain = sealer.canOpen() ? sealer.reveal(ns, content) : content;
    List<String> problems = new ArrayList<>();
    if (!policy.schema().isEmpty()) {
      String json = plain.document().asJson();
      problems.addAll(schemaProblems(() -> SchemaValidator.problems(policy.schema(), json)));
    }
    RecordBinder<?> record = records.get(ns);
    if (record != null) {
      problems.addAll(bindingProblems(record, plain.values(), strict));
    }
    for (BiFunction<Namespace, Map<String, String>, List<String>> validator : validators) {
      problems.addAll(validator.apply(ns, plain.values()));
    }
    problems.removeIf(problem -> isAboutSealed(problem, plain));
    return problems;
  }

  void require(Namespace ns, Policy policy, Content content) throws InterruptedException {
    List<String> problems = problems(ns, policy, content);
    if (!problems.isEmpty()) {
      throw new ConfigRejectedException(ns, problems);
    }
  }

  /** Refuses a release that readers of today would refuse, although it was published once. */
  void requireReadable(Namespace ns, Policy policy, Content content) {
    Optional<String> tooMuch = policy.limits().problem(content.document());
    if (tooMuch.isPresent()) {
      throw new ConfigRejectedException(ns, List.of(tooMuch.get()));
    }
  }

  private static List<String> bindingProblems(
      RecordBinder<?> binder, Map<String, String> values, boolean strict) {
    try {
      List<String> unknown = new ArrayList<>();
      binder.bind(values, unknown::add);
      return strict ? unknown.stream().map(RecordBinder::unknownKey).toList() : List.of();
    } catch (BindingException e) {
      return e.problems();
    }
  }

  /** The problems of a schema itself; empty for none. */
  public static List<String> schemaDefects(String schema) {
    return schema.isEmpty() ? List.of() : schemaProblems(() -> SchemaValidator.defects(schema));
  }

  private static List<String> schemaProblems(Supplier<List<String>> check) {
    try {
      return check.get();
    } catch (NoClassDefFoundError e) {
      return List.of(
          "schema: cannot be checked, com.networknt:json-schema-validator is not on the class path");
    }
  }

  private static boolean isAboutSealed(String problem, Content content) {
    int colon = problem.indexOf(':');
    String key =
        colon < 0 ? "" : problem.substring(0, colon).replaceFirst("^[/$.]+", "").replace('/', '.');
    return content.get(key).filter(SealedValue::isSealed).isPresent();
  }
}

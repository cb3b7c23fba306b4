package io.zookit.config.format;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads YAML as nodes, never as objects: no tag of a document can name a class. Aliases are followed; how often is bounded
 * by the limits, how deep by a depth.
 */
final class YamlReader {

  private static final Set<Tag> KNOWN =
      Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.MAP, Tag.SEQ);

  private final String text;
  private final boolean astral;
  private final DocumentLimits limits;
  private final FlatKeys keys;

  YamlReader(String text, DocumentLimits limits) {
    this.text = text;
    this.limits = limits;
    this.keys = new FlatKeys(Format.YAML, limits);
    this.astral = text.codePoints().anyMatch(c -> c > 0xffff);
  }

  Map<String, Scalar> read() {
    Optional<Node> root = compose(text, limits);
    if (root.isPresent()) {
      if (!(root.get() instanceof MappingNode map)) {
        throw new MalformedContentException(Format.YAML, "expected one map");
      }
      map(map, 0);
    }
    return keys.found();
  }

  /** The nodes of a text; empty when it holds nothing. */
  static Optional<Node> compose(String text, DocumentLimits limits) {
    LoadSettings settings = LoadSettings.builder()
        .setLabel("content")
        .setAllowDuplicateKeys(false)
        .setMaxAliasesForCollections(50)
        .setCodePointLimit(Document.MOST_CHARACTERS)
        .setUseMarks(true)
        .build();
    try {
      return new Composer(settings, new BoundedParser(settings, text, limits)).getSingleNode();
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      throw new MalformedContentException(Format.YAML, "line " + line + ": no YAML");
    } catch (YamlEngineException e) {
      throw new MalformedContentException(Format.YAML, "no YAML within the limits");
    }
  }

  static String keyOf(NodeTuple entry) {
    if (entry.getKeyNode() instanceof ScalarNode key) {
      return key.getValue();
    }
    throw malformed(entry.getKeyNode(), "a key that is no scalar");
  }

  static void requirePlain(Node node) {
    if (!KNOWN.contains(node.getTag())) {
      throw malformed(node, "a tag of its own");
    }
    if (node.isRecursive()) {
      throw malformed(node, "an alias to what it is part of");
    }
  }

  private void node(Node node, int depth) {
    requirePlain(node);
    if (depth > Document.MOST_DEPTH) {
      throw malformed(node, "too deep");
    }
    if (node instanceof MappingNode map) {
      map(map, depth);
    } else if (node instanceof SequenceNode list) {
      int index = 0;
      for (Node element : list.getValue()) {
        int outer = keys.enter(index++, lineOf(element));
        node(element, depth + 1);
        keys.leave(outer);
      }
      if (index == 0) {
        keys.put(scalar(node, "", true), lineOf(node));
      }
    } else if (node instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)) {
      keys.put(scalar(node, scalar.getValue(), scalar.isPlain()), lineOf(node));
    }
  }

  private void map(MappingNode map, int depth) {
    Set<String> names = new HashSet<>();
    for (NodeTuple entry : map.getValue()) {
      String name = keyOf(entry);
      if (!names.add(name)) {
        throw malformed(entry.getKeyNode(), "a key twice");
      }
      int outer = keys.enter(name, lineOf(entry.getKeyNode()));
      node(entry.getValueNode(), depth + 1);
      keys.leave(outer);
    }
    if (names.isEmpty() && !keys.isAtRoot()) {
      keys.put(scalar(map, "", true), lineOf(map));
    }
  }

  private Scalar scalar(Node node, String value, boolean bare) {
    return new Scalar(value, index(node.getStartMark()), index(node.getEndMark()), bare);
  }

  /** Marks count characters of Unicode, strings count halves of some. */
  private int index(Optional<org.snakeyaml.engine.v2.exceptions.Mark> mark) {
    int codePoints = mark.orElseThrow().getIndex();
    return astral ? text.offsetByCodePoints(0, codePoints) : codePoints;
  }

  private static MalformedContentException malformed(Node node, String reason) {
    return new MalformedContentException(Format.YAML, "line " + lineOf(node) + ": " + reason);
  }

  private static int lineOf(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }
}

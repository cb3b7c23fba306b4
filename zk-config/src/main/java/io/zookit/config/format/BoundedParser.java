package io.zookit.config.format;

import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Stops where a text nests deeper, or has more nodes, than any content may. Nodes are composed by recursion, so this comes
 * before the end of the stack, and they take a hundred times the memory of their characters; the length of the text bounds
 * neither.
 */
final class BoundedParser implements Parser {

  private final Parser parser;
  private final int most;
  private int depth;
  private int nodes;

  BoundedParser(LoadSettings settings, String text, DocumentLimits limits) {
    this.parser = new ParserImpl(settings, new StreamReader(settings, text));
    this.most = 2 * FlatKeys.mostNodes(limits) + 2; // a name is a node too
  }

  @Override
  public boolean checkEvent(Event.ID choice) {
    return parser.checkEvent(choice);
  }

  @Override
  public Event peekEvent() {
    return parser.peekEvent();
  }

  @Override
  public boolean hasNext() {
    return parser.hasNext();
  }

  @Override
  public Event next() {
    Event event = parser.next();
    if (event instanceof CollectionStartEvent && ++depth > Document.MOST_DEPTH + 1) {
      throw malformed(event, "too deep");
    } else if (event instanceof CollectionEndEvent) {
      depth--;
    }
    if (event instanceof NodeEvent && ++nodes > most) {
      throw malformed(event, "more than " + most + " nodes");
    }
    return event;
  }

  private static MalformedContentException malformed(Event event, String reason) {
    int line = event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    return new MalformedContentException(Format.YAML, "line " + line + ": " + reason);
  }
}

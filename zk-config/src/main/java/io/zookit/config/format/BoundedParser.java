package io.zookit.config.format;

import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Stops where a text nests deeper than any content may. Nodes are composed by recursion, so this comes before the end of
 * the stack, which the number of characters does not bound.
 */
final class BoundedParser implements Parser {

  private final Parser parser;
  private int depth;

  BoundedParser(LoadSettings settings, String text) {
    this.parser = new ParserImpl(settings, new StreamReader(settings, text));
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
      int line = event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
      throw new MalformedContentException(Format.YAML, "line " + line + ": too deep");
    } else if (event instanceof CollectionEndEvent) {
      depth--;
    }
    return event;
  }
}

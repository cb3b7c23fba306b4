package io.zookit.config.gray;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the language of rules, by recursive descent. Used once. */
final class AudienceParser {

  private static final int LONGEST = 8192;
  private static final int DEEPEST = 8;
  private static final Pattern WORD = Pattern.compile("[A-Za-z]+");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
  private static final Pattern LABEL = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*");
  private static final Pattern RANGE = Pattern.compile("[0-9A-Fa-f:./]+");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,6}(\\.\\d{1,3})?");
  private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"\\\\]|\\\\[\"\\\\])*)\"");

  private final String text;
  private int at;
  private int depth;

  AudienceParser(String text) {
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException(
          "audience: " + text.length() + " characters (expected: at most " + LONGEST + ")");
    }
    this.text = text;
  }

  Audience parse() {
    Audience audience = audience();
    if (at != text.length()) {
      throw expected("the end or &&");
    }
    return audience;
  }

  private Audience audience() {
    if (++depth > DEEPEST) {
      throw expected("at most " + DEEPEST + " levels");
    }
    Audience all = term();
    while (accept("&&")) {
      all = all.and(term());
    }
    depth--;
    return all;
  }

  private Audience term() {
    String word = token(WORD, "a condition");
    return switch (word) {
      case "everyone" -> Audience.everyone();
      case "instance" -> {
        word("in");
        yield Audience.instances(names());
      }
      case "ip" -> {
        word("in");
        yield Audience.ip(token(RANGE, "address/bits"));
      }
      case "label" -> label();
      case "not" -> Audience.not(inParentheses().get(0));
      case "any" -> Audience.any(inParentheses().toArray(new Audience[0]));
      case "percent" -> new Audience(List.of(), RolloutShare.Percent.of(new BigDecimal(number())));
      case "count" -> Audience.count(whole(number()));
      default -> throw expected("a condition instead of \"" + word + "\"");
    };
  }

  private Audience label() {
    require(".");
    String name = token(LABEL, "a label");
    require("==");
    String quoted = token(QUOTED, "a text in quotes");
    String value = quoted.substring(1, quoted.length() - 1);
    return Audience.label(name, value.replaceAll("\\\\(.)", "$1"));
  }

  private String[] names() {
    require("(");
    List<String> names = new ArrayList<>();
    do {
      names.add(token(NAME, "an instance"));
    } while (accept(","));
    require(")");
    return names.toArray(new String[0]);
  }

  private List<Audience> inParentheses() {
    require("(");
    List<Audience> inner = new ArrayList<>();
    do {
      inner.add(audience());
    } while (accept(","));
    require(")");
    return inner;
  }

  private String number() {
    require("(");
    String number = token(NUMBER, "a number");
    require(")");
    return number;
  }

  private int whole(String number) {
    if (number.indexOf('.') >= 0) {
      throw expected("a whole number");
    }
    return Integer.parseInt(number);
  }

  private void word(String word) {
    if (!token(WORD, word).equals(word)) {
      throw expected(word);
    }
  }

  private String token(Pattern pattern, String what) {
    skipBlanks();
    Matcher matcher = pattern.matcher(text).region(at, text.length());
    if (!matcher.lookingAt()) {
      throw expected(what);
    }
    at = matcher.end();
    return matcher.group();
  }

  private void require(String symbol) {
    if (!accept(symbol)) {
      throw expected(symbol);
    }
  }

  private boolean accept(String symbol) {
    skipBlanks();
    if (text.startsWith(symbol, at)) {
      at += symbol.length();
      skipBlanks();
      return true;
    }
    return false;
  }

  private void skipBlanks() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }

  private IllegalArgumentException expected(String what) {
    return new IllegalArgumentException(
        "audience: \"" + text + "\" at " + at + " (expected: " + what + ")");
  }
}

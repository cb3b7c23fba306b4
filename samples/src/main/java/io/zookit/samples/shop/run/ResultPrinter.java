package io.zookit.samples.shop.run;

import io.zookit.samples.shop.DemoClaim;
import java.util.List;
import java.util.stream.Collectors;

/** Prints the result, a line for each claim and one for all, and what it shows. */
final class ResultPrinter {

  private static final String GREEN = "\033[32m";
  private static final String RED = "\033[31m";
  private static final String PLAIN = "\033[0m";

  private final DemoTerminal terminal;

  ResultPrinter(DemoTerminal terminal) {
    this.terminal = terminal;
  }

  void print(Claims claims, boolean fenced) {
    claims.all().forEach(claim -> print(claim.text(), claim.holds()));
    print("result: " + result(claims, fenced), claims.hold());
  }

  /** Prints what the run has shown, and what to try next. */
  void explain(Claims claims, boolean fenced) {
    summary(claims, fenced).forEach(terminal.err()::println);
  }

  /** Returns two lines: what the run has shown, and what to try next. */
  static List<String> summary(Claims claims, boolean fenced) {
    if (!fenced) {
      return List.of(
          "shown: " + claims.lostUpdates()
              + " updates were lost, because the store took what a paused"
              + " owner of a lock wrote with its old token",
          "next:  zookit demo, the same with the token checked: the late write is refused");
    }
    return List.of(
        claims.hold()
            ? "proven: " + claims.orders() + " orders, none lost or sold twice, while services and"
                + " servers were killed, stopped and restarted"
            : "not proven: the claims above in red or named as broken; the logs say what happened",
        "next:   zookit demo --unfenced, the same without the check of the token: updates get lost");
  }

  static String result(Claims claims, boolean fenced) {
    List<DemoClaim> broken =
        claims.all().stream().filter(claim -> !claim.holds()).toList();
    if (broken.isEmpty()) {
      return "all claims hold";
    }
    String names = broken.stream().map(DemoClaim::name).collect(Collectors.joining(", "));
    return "broken: " + names + (fenced ? "" : " (control: the fence was left open)");
  }

  private void print(String line, boolean good) {
    terminal.out().println(terminal.colour() ? (good ? GREEN : RED) + line + PLAIN : line);
  }
}

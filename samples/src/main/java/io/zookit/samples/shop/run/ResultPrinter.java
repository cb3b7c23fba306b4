package io.zookit.samples.shop.run;

import io.zookit.samples.shop.DemoClaim;
import java.util.List;
import java.util.stream.Collectors;

/** Says what became of the claims: one line each, and one for all. */
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

  static String result(Claims claims, boolean fenced) {
    List<DemoClaim> broken = claims.all().stream().filter(claim -> !claim.holds()).toList();
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

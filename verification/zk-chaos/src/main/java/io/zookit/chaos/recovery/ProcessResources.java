package io.zookit.chaos.recovery;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Resources of a process at one moment: its threads, and its listeners and watchers by class.
 *
 * @param threads number of live threads
 * @param listeners number of live listener objects of Zookit, Curator and ZooKeeper, by class
 */
record ProcessResources(int threads, Map<String, Long> listeners) {

  private static final Pattern ROW = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+(\\S+).*");
  private static final Pattern OURS =
      Pattern.compile("(io\\.zookit|org\\.apache\\.curator|org\\.apache\\.zookeeper)\\..*");
  private static final Pattern LISTENER =
      Pattern.compile(".*(listener|watch|subscription|handle|observer|callback|lambda).*");

  /** Counts in this JVM, after a garbage collection. */
  static ProcessResources take() throws JMException {
    Object histogram = ManagementFactory.getPlatformMBeanServer()
        .invoke(
            new ObjectName("com.sun.management:type=DiagnosticCommand"),
            "gcClassHistogram",
            new Object[] {new String[0]},
            new String[] {String[].class.getName()});
    return new ProcessResources(
        ManagementFactory.getThreadMXBean().getThreadCount(), listeners(histogram.toString()));
  }

  /** The listeners in a class histogram; the numbers of generated classes are left out of their names. */
  static Map<String, Long> listeners(String histogram) {
    Map<String, Long> found = new TreeMap<>();
    histogram.lines().map(ROW::matcher).forEach(row -> {
      if (row.matches()
          && OURS.matcher(row.group(2)).matches()
          && LISTENER.matcher(row.group(2).toLowerCase(Locale.ROOT)).matches()) {
        found.merge(row.group(2).replaceAll("[+/].*", ""), Long.parseLong(row.group(1)), Long::sum);
      }
    });
    return found;
  }

  /** One line. */
  String words() {
    StringBuilder text = new StringBuilder(String.valueOf(threads));
    listeners.forEach((name, count) -> text.append(' ').append(name).append('=').append(count));
    return text.toString();
  }

  static ProcessResources parse(String words) {
    String[] each = words.split(" ", -1);
    Map<String, Long> listeners = new TreeMap<>();
    for (int i = 1; i < each.length; i++) {
      int at = each[i].lastIndexOf('=');
      listeners.put(each[i].substring(0, at), Long.parseLong(each[i].substring(at + 1)));
    }
    return new ProcessResources(Integer.parseInt(each[0]), listeners);
  }

  /** Returns what has grown since an earlier census by at least a given number. */
  Map<String, Long> grownSince(ProcessResources before, long atLeast) {
    Map<String, Long> grown = new TreeMap<>();
    listeners.forEach((name, count) -> {
      long more = count - before.listeners.getOrDefault(name, 0L);
      if (more >= atLeast) {
        grown.put(name, more);
      }
    });
    if (threads - before.threads >= atLeast) {
      grown.put("threads", (long) threads - before.threads);
    }
    return grown;
  }
}

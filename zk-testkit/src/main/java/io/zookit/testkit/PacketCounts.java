package io.zookit.testkit;

import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Packets and bytes that passed a {@link FaultProxy} up to a moment.
 *
 * @param requests the packets that came from clients, by kind; kinds without any are missing
 * @param bytesFromClients bytes that came from clients
 * @param bytesFromServer bytes that came from the server
 * @param watchEvents notifications that came from the server
 */
public record PacketCounts(
    Map<Op, Long> requests, long bytesFromClients, long bytesFromServer, long watchEvents) {

  /** Nothing yet. */
  public static final PacketCounts NONE = new PacketCounts(Map.of(), 0, 0, 0);

  /** Creates counts. */
  public PacketCounts {
    requests = Map.copyOf(requests);
  }

  /** The packets of one kind; {@link Op#ANY} for the total without pings and connects. */
  public long requests(Op op) {
    if (op != Op.ANY) {
      return requests.getOrDefault(op, 0L);
    }
    return requests.entrySet().stream()
        .filter(each -> each.getKey().isRequest())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** All requests, without pings and connects. */
  public long total() {
    return requests(Op.ANY);
  }

  /** Returns the difference to an earlier moment. */
  public PacketCounts minus(PacketCounts earlier) {
    Map<Op, Long> difference = new EnumMap<>(Op.class);
    requests.forEach((op, count) -> {
      long more = count - earlier.requests(op);
      if (more != 0) {
        difference.put(op, more);
      }
    });
    return new PacketCounts(
        difference,
        bytesFromClients - earlier.bytesFromClients,
        bytesFromServer - earlier.bytesFromServer,
        watchEvents - earlier.watchEvents);
  }

  /** For people: {@code 3 requests (CREATE2 1, DELETE 2), 1 watch event, 210 bytes up, 180 down}. */
  @Override
  public String toString() {
    String kinds = requests.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(each -> each.getKey() + " " + each.getValue())
        .collect(Collectors.joining(", "));
    return total() + " requests (" + kinds + "), " + watchEvents + " watch events, "
        + bytesFromClients + " bytes up, " + bytesFromServer + " down";
  }
}

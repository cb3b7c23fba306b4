package io.zookit.spring.registration;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Comparator;

/** The address of this machine that others can most probably reach. */
final class MachineAddress {

  private MachineAddress() {}

  /** The first address that is not a loopback, IPv4 before IPv6, of the interface with the lowest index; else the loopback. */
  static String first() {
    try {
      return NetworkInterface.networkInterfaces()
          .filter(MachineAddress::isUp)
          .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
          .flatMap(NetworkInterface::inetAddresses)
          .filter(each -> !each.isLoopbackAddress() && !each.isLinkLocalAddress())
          .sorted(Comparator.comparing((InetAddress each) -> !(each instanceof Inet4Address)))
          .map(InetAddress::getHostAddress)
          .findFirst()
          .orElseGet(() -> InetAddress.getLoopbackAddress().getHostAddress());
    } catch (SocketException e) {
      return InetAddress.getLoopbackAddress().getHostAddress();
    }
  }

  private static boolean isUp(NetworkInterface each) {
    try {
      return each.isUp();
    } catch (SocketException e) {
      return false; // It went away.
    }
  }
}

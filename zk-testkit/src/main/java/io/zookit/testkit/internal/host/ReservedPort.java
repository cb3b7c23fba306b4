package io.zookit.testkit.internal.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A TCP port, of the loopback interface unless another address is given, that no other process is given while this is open.
 *
 * <p>A socket that is bound but neither listens nor connects keeps the kernel from handing the port out. A server that
 * sets SO_REUSEADDR, as ZooKeeper does on all its sockets, can listen on it at the same time, also in another process.
 * So a server keeps its port over restarts, and there is no gap between choosing a port and using it.
 */
public final class ReservedPort implements AutoCloseable {

  private final Socket placeholder;

  private ReservedPort(Socket placeholder) {
    this.placeholder = placeholder;
  }

  /** A free port. */
  public static ReservedPort any() {
    try {
      return of(0);
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on the loopback interface", e);
    }
  }

  /** The port given, 0 for any. */
  public static ReservedPort of(int port) throws IOException {
    return of(loopback(), port);
  }

  /** The port given of an address of this machine, 0 for any. */
  public static ReservedPort of(InetAddress address, int port) throws IOException {
    Socket placeholder = new Socket();
    try {
      placeholder.setReuseAddress(true);
      placeholder.bind(new InetSocketAddress(address, port));
      return new ReservedPort(placeholder);
    } catch (IOException e) {
      placeholder.close();
      throw e;
    }
  }

  /** 127.0.0.1, also where the name of the loopback address would be the one of IPv6. */
  public static InetAddress loopback() {
    try {
      return InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int number() {
    return placeholder.getLocalPort();
  }

  public InetSocketAddress address() {
    return new InetSocketAddress(placeholder.getLocalAddress(), number());
  }

  public String connectString() {
    InetAddress address = placeholder.getLocalAddress();
    String host = (address.isAnyLocalAddress() ? loopback() : address).getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + number();
  }

  @Override
  public void close() {
    try {
      placeholder.close();
    } catch (IOException e) {
      throw new UncheckedIOException("port " + number() + " was not released", e);
    }
  }
}

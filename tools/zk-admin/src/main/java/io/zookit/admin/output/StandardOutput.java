package io.zookit.admin.output;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The standard output of a command, in UTF-8. A {@link PrintStream} drops the exception of a failed write; this one keeps
 * the first, so that a command whose output is lost does not end as if it were written.
 */
public final class StandardOutput extends PrintStream {

  private final CheckedStream bytes;

  /** An output that writes to a stream. */
  public StandardOutput(OutputStream target) {
    this(new CheckedStream(target));
  }

  private StandardOutput(CheckedStream bytes) {
    super(bytes, true, StandardCharsets.UTF_8);
    this.bytes = bytes;
  }

  /** Returns the stream below, for bytes; its writes throw. */
  public OutputStream bytes() {
    return bytes;
  }

  /** Writes what is buffered; returns the first failure of any write so far. */
  public Optional<IOException> failure() {
    flush();
    return Optional.ofNullable(bytes.failure);
  }

  /** Keeps the first exception, and throws every one. */
  private static final class CheckedStream extends FilterOutputStream {

    private @Nullable IOException failure;

    CheckedStream(OutputStream target) {
      super(target);
    }

    @Override
    public void write(int b) throws IOException {
      checked(() -> out.write(b));
    }

    @Override
    public void write(byte[] data, int offset, int length) throws IOException {
      checked(() -> out.write(data, offset, length));
    }

    @Override
    public void flush() throws IOException {
      checked(out::flush);
    }

    private void checked(Write write) throws IOException {
      try {
        write.run();
      } catch (IOException e) {
        failure = failure == null ? e : failure;
        throw e;
      }
    }
  }

  /** A write that can fail. */
  @FunctionalInterface
  private interface Write {

    void run() throws IOException;
  }
}

package io.zookit.admin.cli;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Decodes texts that come from outside: UTF-8 or nothing. A replacement character would be published as if it were meant. */
final class StrictUtf8 {

  private StrictUtf8() {}

  /**
   * The text of these bytes.
   *
   * @param source of the bytes, for the message
   * @throws CommandException with {@link ExitCode#REJECTED} if they are not UTF-8; the message names the offset of the first
   *     byte that is not, counted from 0
   */
  static String decode(byte[] bytes, String source) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer text = CharBuffer.allocate(bytes.length);
    CharsetDecoder decoder = StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
    CoderResult result = decoder.decode(in, text, true);
    if (result.isError()) {
      throw new CommandException(
          ExitCode.REJECTED,
          String.format(
              "%s: not valid UTF-8 at byte offset %d (0x%02X); nothing was changed",
              source, in.position(), bytes[in.position()]));
    }
    return text.flip().toString();
  }
}

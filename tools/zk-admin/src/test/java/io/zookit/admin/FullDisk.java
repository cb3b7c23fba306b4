package io.zookit.admin;

import java.io.IOException;
import java.io.OutputStream;

/** A stream that takes a number of bytes and no more. */
final class FullDisk extends OutputStream {

  private long room;

  FullDisk(long room) {
    this.room = room;
  }

  @Override
  public void write(int b) throws IOException {
    if (room == 0) {
      throw new IOException("the disk is full");
    }
    room--;
  }
}

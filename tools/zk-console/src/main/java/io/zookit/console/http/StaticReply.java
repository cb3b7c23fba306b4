package io.zookit.console.http;

import io.zookit.console.page.PageFiles;

/** Sends a file of the page. */
final class StaticReply {

  private StaticReply() {}

  static void send(HttpExchange exchange, PageFiles.PageFile file) {
    exchange.set("Cache-Control", "no-cache");
    exchange.set("ETag", file.etag());
    exchange.set("Vary", "Accept-Encoding");
    if (file.etag().equals(exchange.header("If-None-Match"))) {
      exchange.send(304, file.type(), new byte[0]);
      return;
    }
    String encodings = exchange.header("Accept-Encoding");
    if (encodings != null && encodings.contains("gzip")) {
      exchange.set("Content-Encoding", "gzip");
      exchange.send(200, file.type(), file.zipped());
    } else {
      exchange.send(200, file.type(), file.bytes());
    }
  }
}

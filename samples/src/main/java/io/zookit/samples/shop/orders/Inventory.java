package io.zookit.samples.shop.orders;

import io.zookit.core.FencingToken;
import io.zookit.samples.shop.http.Reply;
import io.zookit.samples.shop.http.Request;
import io.zookit.samples.shop.http.ServiceCaller;
import java.io.IOException;

/** The inventory as the orders see it: whichever of its instances answers, always with the token of the lock. */
final class Inventory {

  private final ServiceCaller caller;

  Inventory(ServiceCaller caller) {
    this.caller = caller;
  }

  int left(String sku, FencingToken token) throws IOException, InterruptedException {
    return Integer.parseInt(
        send(Request.get("/stock").with("sku", sku).with(token)).text());
  }

  void sell(String order, String sku, int left, FencingToken token)
      throws IOException, InterruptedException {
    send(Request.put("/stock")
        .with("order", order)
        .with("sku", sku)
        .with("left", left)
        .with(token));
  }

  private Reply send(Request request) throws IOException, InterruptedException {
    Reply reply = caller.send(request);
    if (reply.status() == Reply.CONFLICT) {
      throw new LeaseLostException(reply.text());
    }
    if (!reply.isOk()) {
      throw new IOException(request + ": " + reply.status() + " " + reply.text());
    }
    return reply;
  }
}

package io.zookit.samples.shop.orders;

import io.zookit.core.FencingToken;
import io.zookit.samples.shop.http.ServiceCaller;
import io.zookit.samples.shop.http.ServiceReply;
import io.zookit.samples.shop.http.ServiceRequest;
import java.io.IOException;

/** Client of the inventory service: sends each request to one of its instances, with the token of the lock. */
final class InventoryClient {

  private final ServiceCaller caller;

  InventoryClient(ServiceCaller caller) {
    this.caller = caller;
  }

  int left(String sku, FencingToken token) throws IOException, InterruptedException {
    return Integer.parseInt(
        send(ServiceRequest.get("/stock").with("sku", sku).with(token)).text());
  }

  void sell(String order, String sku, int left, FencingToken token)
      throws IOException, InterruptedException {
    send(ServiceRequest.put("/stock")
        .with("order", order)
        .with("sku", sku)
        .with("left", left)
        .with(token));
  }

  private ServiceReply send(ServiceRequest request) throws IOException, InterruptedException {
    ServiceReply reply = caller.send(request);
    if (reply.status() == ServiceReply.CONFLICT) {
      throw new LeaseLostException(reply.text());
    }
    if (!reply.isOk()) {
      throw new IOException(request + ": " + reply.status() + " " + reply.text());
    }
    return reply;
  }
}

package io.zookit.registry.grpc;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A real server that answers each call with its name. */
final class GrpcServer implements AutoCloseable {

  private static final Marshaller<String> TEXT = new Marshaller<>() {
    @Override
    public InputStream stream(String value) {
      return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      try {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  };

  static final MethodDescriptor<String, String> WHO = MethodDescriptor.newBuilder(TEXT, TEXT)
      .setType(MethodType.UNARY)
      .setFullMethodName("shop.Shop/who")
      .build();

  private final Server server;

  GrpcServer(String name) throws IOException {
    ServerServiceDefinition service = ServerServiceDefinition.builder("shop.Shop")
        .addMethod(WHO, ServerCalls.asyncUnaryCall((request, reply) -> {
          reply.onNext(name);
          reply.onCompleted();
        }))
        .build();
    server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
        .addService(service)
        .build()
        .start();
  }

  int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}

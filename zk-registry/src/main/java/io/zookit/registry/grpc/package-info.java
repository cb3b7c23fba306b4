/** Services as names of gRPC: {@code zk:///payments}. Needs {@code io.grpc:grpc-api}. */
@NullMarked
package io.zookit.registry.grpc;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.zookit.registry.grpc;

import org.jspecify.annotations.NullMarked;

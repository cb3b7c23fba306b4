/** {@code zookit service}: services, their instances, and what operators say of them. */
@NullMarked
package io.zookit.admin.service;

import org.jspecify.annotations.NullMarked;

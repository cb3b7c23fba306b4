/** {@code zookit service}: services, their instances, and what operators say of them. */
@NullMarked
package io.zookit.admin.command.service;

import org.jspecify.annotations.NullMarked;

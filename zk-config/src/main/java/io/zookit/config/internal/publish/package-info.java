/** Changes of what is in force: releases, drafts, approvals, gray releases, namespaces and their history. */
@NullMarked
package io.zookit.config.internal.publish;

import org.jspecify.annotations.NullMarked;

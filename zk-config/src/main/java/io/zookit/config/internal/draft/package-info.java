/** Drafts, and the approvals that changes need. */
@NullMarked
package io.zookit.config.internal.draft;

import org.jspecify.annotations.NullMarked;

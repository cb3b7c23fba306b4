/** {@code zookit config draft}: drafts, and requests for approval. */
@NullMarked
package io.zookit.admin.command.config.draft;

import org.jspecify.annotations.NullMarked;

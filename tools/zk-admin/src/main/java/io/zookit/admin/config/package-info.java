/** {@code zookit config}: numbered releases, drafts, gray releases, and what keeps them in order. */
@NullMarked
package io.zookit.admin.config;

import org.jspecify.annotations.NullMarked;

/** Configurations as files of a folder: exported, compared, applied. */
@NullMarked
package io.zookit.config.files;

import org.jspecify.annotations.NullMarked;

/** The commands about the audit of a root. */
@NullMarked
package io.zookit.admin.command.audit;

import org.jspecify.annotations.NullMarked;

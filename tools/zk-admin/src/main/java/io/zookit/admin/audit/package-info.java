/** The commands about the audit of a root. */
@NullMarked
package io.zookit.admin.audit;

import org.jspecify.annotations.NullMarked;

/** The inventory: keeps the stock in PostgreSQL, behind a fence, and can be found in the registry. */
@NullMarked
package io.zookit.samples.shop.inventory;

import org.jspecify.annotations.NullMarked;

/**
 * The house rules that a compiler does not check, as tests over every module.
 *
 * <p>A {@link io.zookit.rules.Rule} looks at {@link io.zookit.rules.Code} and returns findings. Each rule has a fixture
 * of its name in {@code src/test/fixtures}: a little code base that breaks it, with the findings it must lead to.
 */
@NullMarked
package io.zookit.rules;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.posthouse.rules;

import org.jspecify.annotations.NullMarked;

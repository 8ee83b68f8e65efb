@NullMarked
package io.posthouse.certificate;

import org.jspecify.annotations.NullMarked;

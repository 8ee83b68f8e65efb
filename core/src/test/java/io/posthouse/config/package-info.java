/** Tests of the configuration file. */
@NullMarked
package io.posthouse.config;

import org.jspecify.annotations.NullMarked;

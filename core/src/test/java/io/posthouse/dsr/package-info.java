@org.jspecify.annotations.NullMarked
package io.posthouse.dsr;

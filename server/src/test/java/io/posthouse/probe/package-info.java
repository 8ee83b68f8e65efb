/** Tests of the probes and the owner of health, against scripted members. */
@org.jspecify.annotations.NullMarked
package io.posthouse.probe;

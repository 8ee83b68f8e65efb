/** Tests of the language of SMTP. */
@org.jspecify.annotations.NullMarked
package io.posthouse.smtp.wire;

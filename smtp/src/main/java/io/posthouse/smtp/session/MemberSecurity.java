package io.posthouse.smtp.session;

/** Whether a connection to a member is to be encrypted, and from when on. */
public enum MemberSecurity {
  /** Never. */
  PLAIN,
  /**
   * By STARTTLS where the member offers it; what fails then is a failure, not a reason for plain.
   */
  OPTIONAL,
  /** By STARTTLS, before anything else. */
  REQUIRED,
  /** From the first octet. */
  IMPLICIT
}

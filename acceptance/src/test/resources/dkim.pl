# Signs mails before they are sent, and verifies them where they arrived, without asking DNS for the key.
#   dkim.pl sign KEY FILE              writes the mail with its signature
#   dkim.pl verify PUBLIC-KEY FILE...  writes what each signature is worth, one a line
use strict;
use warnings;
use Mail::DKIM::PublicKey;
use Mail::DKIM::Signer;
use Mail::DKIM::Verifier;

my ($verb, $key, @files) = @ARGV;
binmode STDOUT;

sub content {
  my ($file) = @_;
  open my $in, '<:raw', $file or die "$file: $!\n";
  local $/;
  return scalar <$in>;
}

if ($verb eq 'sign') {
  # "simple": not a space may change on the way.
  my $signer = Mail::DKIM::Signer->new(
    Algorithm => 'rsa-sha256', Method => 'simple/simple', Domain => 'client.example', Selector => 'peers', KeyFile => $key);
  my $mail = content($files[0]);
  $signer->PRINT($mail);
  $signer->CLOSE;
  print $signer->signature->as_string, "\r\n", $mail;
} else {
  my $public = join '', grep { !/^-/ } split /\n/, content($key);
  no warnings 'redefine';
  *Mail::DKIM::PublicKey::fetch_async = sub {
    my ($class, %asked) = @_;
    my $found = $asked{Callbacks}{Success}->($class->parse("v=DKIM1; p=$public"));
    return sub { $found };
  };
  for my $file (@files) {
    my $verifier = Mail::DKIM::Verifier->new;
    $verifier->PRINT(content($file));
    $verifier->CLOSE;
    print $verifier->result_detail, "\n";
  }
}

"""The life of a claim: suggested, claimed, in review, verified, accepted; returned, withdrawn, revoked; and what shows that it is true."""

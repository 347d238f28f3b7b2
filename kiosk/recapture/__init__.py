"""A picture seen by a camera again, on paper or on a phone: a simulator to attack through, a referee that judges."""

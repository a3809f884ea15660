"""From the file that a site gives to the picture that a letter shows. Pure: bytes in, bytes or a reason out."""

import { QrPicture } from '../../ui/qr-picture.tsx';

/** The address for the camera of another device. */
export function AddressCode({ address }: { readonly address: string }) {
  // Capitals take less room in a code, and addresses may be written either way.
  return <QrPicture text={address.toUpperCase()} label="The address as a QR code" />;
}

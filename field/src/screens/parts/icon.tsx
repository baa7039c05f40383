import alert from '@tabler/icons/outline/alert-triangle.svg?raw';
import back from '@tabler/icons/outline/arrow-left.svg?raw';
import bell from '@tabler/icons/outline/bell.svg?raw';
import camera from '@tabler/icons/outline/camera.svg?raw';
import check from '@tabler/icons/outline/check.svg?raw';
import clock from '@tabler/icons/outline/clock.svg?raw';
import cloud from '@tabler/icons/outline/cloud-check.svg?raw';
import cloudOff from '@tabler/icons/outline/cloud-off.svg?raw';
import cloudUp from '@tabler/icons/outline/cloud-up.svg?raw';
import download from '@tabler/icons/outline/download.svg?raw';
import edit from '@tabler/icons/outline/edit.svg?raw';
import errand from '@tabler/icons/outline/shopping-bag.svg?raw';
import eye from '@tabler/icons/outline/eye.svg?raw';
import heart from '@tabler/icons/outline/heart-handshake.svg?raw';
import home from '@tabler/icons/outline/home.svg?raw';
import homes from '@tabler/icons/outline/building-community.svg?raw';
import info from '@tabler/icons/outline/info-circle.svg?raw';
import lock from '@tabler/icons/outline/lock.svg?raw';
import map from '@tabler/icons/outline/map-2.svg?raw';
import next from '@tabler/icons/outline/chevron-right.svg?raw';
import phone from '@tabler/icons/outline/phone.svg?raw';
import photo from '@tabler/icons/outline/photo.svg?raw';
import pin from '@tabler/icons/outline/map-pin.svg?raw';
import plus from '@tabler/icons/outline/plus.svg?raw';
import remove from '@tabler/icons/outline/x.svg?raw';
import report from '@tabler/icons/outline/message-report.svg?raw';
import search from '@tabler/icons/outline/search.svg?raw';
import settings from '@tabler/icons/outline/settings.svg?raw';
import shop from '@tabler/icons/outline/building-store.svg?raw';
import sync from '@tabler/icons/outline/refresh.svg?raw';
import today from '@tabler/icons/outline/calendar-check.svg?raw';
import user from '@tabler/icons/outline/user.svg?raw';
import users from '@tabler/icons/outline/users.svg?raw';

const drawn = {
  alert,
  back,
  bell,
  camera,
  check,
  clock,
  cloud,
  cloudOff,
  cloudUp,
  download,
  edit,
  errand,
  eye,
  heart,
  home,
  homes,
  info,
  lock,
  map,
  next,
  phone,
  photo,
  pin,
  plus,
  remove,
  report,
  search,
  settings,
  shop,
  sync,
  today,
  user,
  users,
};

export type IconName = keyof typeof drawn;

/** Decoration: what it means stands beside it in words. */
export function Icon({ name }: { name: IconName }) {
  return <span class="glyph" aria-hidden="true" dangerouslySetInnerHTML={{ __html: drawn[name] }} />;
}
